System.Console.WriteLine("built");
