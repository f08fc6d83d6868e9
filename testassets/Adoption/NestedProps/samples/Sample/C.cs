namespace Sample;

public static class C { }
