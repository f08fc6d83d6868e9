namespace Legacy { public static class C { } }
