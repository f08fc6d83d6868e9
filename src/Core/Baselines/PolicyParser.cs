using Hardening.Findings;
using Hardening.Policies;

namespace Hardening.Baselines;

/// <summary>Reads the text of a <c>hardening.yml</c>.</summary>
/// <param name="content">The bytes.</param>
/// <param name="file">The path to name in findings.</param>
/// <param name="findings">What is wrong with it; empty if nothing is.</param>
/// <returns>The policy; null if there are findings.</returns>
public delegate Policy? PolicyParser(byte[] content, string file, out IReadOnlyList<Finding> findings);
