namespace Widget;

public static class C { }
