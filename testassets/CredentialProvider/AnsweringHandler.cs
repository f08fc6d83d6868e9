using NuGet.Protocol.Plugins;

namespace Hardening.TestAssets;

/// <summary>Answers one kind of request by a function.</summary>
internal sealed class AnsweringHandler<TRequest, TResponse>(Func<TRequest, TResponse> answer) : IRequestHandler
    where TRequest : class
    where TResponse : class
{
    public CancellationToken CancellationToken => CancellationToken.None;

    public Task HandleResponseAsync(IConnection connection, Message request, IResponseHandler responseHandler, CancellationToken cancellationToken) =>
        responseHandler.SendResponseAsync(request, answer(MessageUtilities.DeserializePayload<TRequest>(request) ?? throw new InvalidDataException($"{request.Method} without a payload.")), cancellationToken);
}
