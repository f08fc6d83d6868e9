using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Hardening.Ecosystems.NuGet;

namespace Hardening.Tests;

[TestClass]
public sealed class PackageFileDigestTests
{
    private static readonly string One = new('1', 128);
    private static readonly string Two = new('2', 128);

    [TestMethod]
    public void The_digest_is_over_the_lines_that_sha512sum_prints()
        => Assert.AreEqual(
            OfText($"{One}  Build/a.targets\n{Two}  lib/é漢.dll\n"),
            PackageFileDigest.Of([new("lib/é漢.dll", Two), new("Build/a.targets", One)]));

    [TestMethod]
    public void Names_with_backslashes_and_line_ends_are_escaped_as_sha512sum_does()
        => Assert.AreEqual(
            OfText($"\\{One}  a\\\\n\\nb\n\\{Two}  c\\rd\n"),
            PackageFileDigest.Of([new("a\\n\nb", One), new("c\rd", Two)]));

    [TestMethod]
    public void One_file_cannot_stand_for_two()
        => Assert.AreNotEqual(
            PackageFileDigest.Of([new("a", One), new("b", Two)]),
            PackageFileDigest.Of([new($"a\n{Two}  b", One)]));

    [TestMethod]
    public void Different_lists_have_different_digests()
    {
        var file = Gen.Select(Gen.String[Gen.Char["a\\nr\n\r 12/"], 1, 6], Gen.OneOf(Gen.Const(One), Gen.Const(Two)), (path, hash) => new PackageFileHash(path, hash));
        var files = file.Array[0, 3].Select(list => list.DistinctBy(f => f.Path).OrderBy(f => f.Path, StringComparer.Ordinal).ToArray());
        Gen.Select(files, files).Sample((a, b) => a.SequenceEqual(b) == (PackageFileDigest.Of(a) == PackageFileDigest.Of(b)), iter: 5_000);
    }

    [TestMethod]
    public void The_order_does_not_matter()
    {
        PackageFileHash[] files = [new("Z", One), new("a", Two), new("a/b", One), new("a-b", Two), new("é", One)];
        Assert.AreEqual(PackageFileDigest.Of(files), PackageFileDigest.Of(files.Reverse()));
    }

    [TestMethod]
    public void No_files_have_the_digest_of_nothing() => Assert.AreEqual(OfText(""), PackageFileDigest.Of([]));

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow((256 * 1024) - 1)]
    [DataRow(256 * 1024)]
    [DataRow((256 * 1024) + 1)]
    [DataRow((512 * 1024) + 7)]
    public void A_file_of_any_size_is_hashed_whole(int size)
    {
        using var folder = new TemporaryFolder();
        var content = new byte[size];
        new Random(size).NextBytes(content);

        CollectionAssert.AreEqual(SHA512.HashData(content), PackageFileDigest.HashFile(folder.File("a", content)));
    }

    [TestMethod]
    public void What_is_no_file_is_an_error_that_callers_expect()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<FileNotFoundException>(() => PackageFileDigest.HashFile(folder.At("none")));
        Assert.ThrowsExactly<UnauthorizedAccessException>(() => PackageFileDigest.HashFile(folder.Path));
    }

    private static string OfText(string text) => Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(text)));
}
