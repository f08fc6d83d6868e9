namespace Windows;

public static class C { }
