namespace Runtime { public static class C { } }
