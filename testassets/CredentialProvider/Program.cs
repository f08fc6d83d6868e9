using System.Text.Json;
using Hardening.TestAssets;
using NuGet.Protocol.Plugins;

// A credential provider of NuGet's plugin kind (https://learn.microsoft.com/nuget/reference/extensibility/nuget-cross-platform-authentication-plugin).
// Like those of real feeds it has nothing to give where it may not ask the user. What it was asked is written down for the test.
var log = Environment.GetEnvironmentVariable("TEST_PROVIDER_LOG") ?? throw new InvalidOperationException("TEST_PROVIDER_LOG is not set.");
var password = Environment.GetEnvironmentVariable("TEST_PROVIDER_PASSWORD");

var handlers = new RequestHandlers();
Handle<InitializeRequest, InitializeResponse>(MessageMethod.Initialize, _ => new InitializeResponse(MessageResponseCode.Success));
Handle<SetLogLevelRequest, SetLogLevelResponse>(MessageMethod.SetLogLevel, _ => new SetLogLevelResponse(MessageResponseCode.Success));
Handle<GetOperationClaimsRequest, GetOperationClaimsResponse>(MessageMethod.GetOperationClaims, _ => new GetOperationClaimsResponse([OperationClaim.Authentication]));
Handle<GetAuthenticationCredentialsRequest, GetAuthenticationCredentialsResponse>(MessageMethod.GetAuthenticationCredentials, request =>
{
    File.AppendAllText(log, JsonSerializer.Serialize(new { request.Uri, request.IsNonInteractive, request.CanShowDialog, request.IsRetry }) + "\n");
    return request.IsNonInteractive || request.IsRetry
        ? new GetAuthenticationCredentialsResponse(null, null, "The provider has to ask and may not.", null, MessageResponseCode.NotFound)
        : new GetAuthenticationCredentialsResponse("user", password, null, ["Basic"], MessageResponseCode.Success);
});

using var plugin = await PluginFactory.CreateFromCurrentProcessAsync(handlers, ConnectionOptions.CreateDefault(), CancellationToken.None);
var closed = new TaskCompletionSource();
plugin.Connection.Faulted += (_, _) => closed.TrySetResult();
plugin.Closed += (_, _) => closed.TrySetResult();
await closed.Task;

void Handle<TRequest, TResponse>(MessageMethod method, Func<TRequest, TResponse> answer)
    where TRequest : class
    where TResponse : class => handlers.TryAdd(method, new AnsweringHandler<TRequest, TResponse>(answer));
