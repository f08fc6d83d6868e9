namespace Runtime.Tests;

public static class C { }
