namespace Groesse;

public static class C { }
