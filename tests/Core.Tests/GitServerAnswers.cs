using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hardening.Tests;

/// <summary>Answers of servers that are broken or hostile, written as the wire has them.</summary>
internal static class GitServerAnswers
{
    public const string Commit = "1111111111111111111111111111111111111111";

    /// <summary>A pkt-line of a text.</summary>
    public static string Line(string text) => (Encoding.UTF8.GetByteCount(text) + 4).ToString("x4", CultureInfo.InvariantCulture) + text;

    public static byte[] Line(byte[] data) => [.. Encoding.ASCII.GetBytes((data.Length + 4).ToString("x4", CultureInfo.InvariantCulture)), .. data];

    /// <summary>Gives this to each command; questions about capabilities go to git.</summary>
    public static Func<HttpContext, Task<bool>> Give(string body) => Give(Encoding.UTF8.GetBytes(body));

    public static Func<HttpContext, Task<bool>> Give(byte[] body) => async context =>
    {
        if (context.Request.Method != "POST")
        {
            return false;
        }

        context.Response.ContentType = "application/x-git-upload-pack-result";
        await context.Response.Body.WriteAsync(body);
        return true;
    };

    public static Func<HttpContext, Task<bool>> Status(int status, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return Task.FromResult(true);
    };
}
