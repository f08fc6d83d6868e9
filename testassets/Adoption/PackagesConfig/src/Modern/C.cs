namespace Modern;

public static class C { }
