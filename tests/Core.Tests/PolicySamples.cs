using System.Text;
using System.Text.Json;
using Hardening.Findings;
using Hardening.Policies;

namespace Hardening.Tests;

/// <summary>Texts of hardening.yml and how policies compare.</summary>
internal static class PolicySamples
{
    public const string File = "hardening.yml";

    /// <summary>Every key there is.</summary>
    public const string Full = """
        version: 1
        exclude:
          - path: samples/**
            reason: nobody builds them
        nuget:
          enforce: ci
          implicitPackages: build
          minimumAge: 3d
          own: [Hardening.Sdk, Some.Tool]
        actions:
          enforce: warn
          unpinned: build
          allow: [actions/*, ours/*, "https://git.example/own/*"]
          forbid:
            - "*/evil"
          replace:
            - from: theirs/action
              to: ours/action
              refs: { v4: v4.1, "*": 'main' }
            - { from: theirs/other, to: https://git.example/own/other }
          minimumAge: 2w
          update: minor
        images:
          enforce: "off"
          unpinned: ci
          allow: [mcr.microsoft.com/*, docker.io/library/alpine, "localhost:5000/ours/*"]
          forbid: [docker.io/theirs/*]
          replace:
            - from: docker.io/library/node
              to: localhost:5000/ours/node
        exceptions:
          - code: HRD1014
            input: Some.Package
            path: src/**
            reason: "reviewed, see #12"
            until: 2027-01-31
          - { code: HRD1010, reason: 'no private feed', until: "2027-02-28" }

        """;

    public static Policy Read(string text)
    {
        var policy = PolicyReader.Read(Encoding.UTF8.GetBytes(text), File, out var findings);
        Assert.IsEmpty(findings, string.Join('\n', findings.Select(Say)));
        return policy!;
    }

    public static IReadOnlyList<Finding> Errors(string text) => Errors(Encoding.UTF8.GetBytes(text));

    public static IReadOnlyList<Finding> Errors(byte[] bytes)
    {
        var policy = PolicyReader.Read(bytes, File, out var findings);
        Assert.IsNull(policy);
        Assert.IsNotEmpty(findings);
        foreach (var finding in findings)
        {
            Assert.AreEqual((FindingCodes.PolicyInvalid, File), (finding.Code, finding.Place.File));
            Assert.IsGreaterThan(0, finding.Place.Line);
            Assert.IsGreaterThan(0, finding.Place.Column);
            Assert.AreNotEqual(string.Empty, finding.Command, finding.Message);
        }

        return findings;
    }

    /// <summary>A finding as <c>line:column message | command</c>.</summary>
    public static string Say(Finding finding) => $"{finding.Place.Line}:{finding.Place.Column} {finding.Message} | {finding.Command}";

    public static void AreSame(Policy expected, Policy actual) => Assert.AreEqual(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
}
