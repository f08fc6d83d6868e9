namespace Widget.Tests;

public static class C { }
