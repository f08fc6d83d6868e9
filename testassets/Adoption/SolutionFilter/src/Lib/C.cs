namespace Lib;

public static class C { }
