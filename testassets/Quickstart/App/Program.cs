using Newtonsoft.Json;
using Serilog;

await using var log = new LoggerConfiguration().WriteTo.Console(outputTemplate: "{Message:lj}{NewLine}").CreateLogger();
log.Information("Built from locked packages only: {Packages}", JsonConvert.SerializeObject(new[] { "Newtonsoft.Json", "Serilog.Sinks.Console" }));
