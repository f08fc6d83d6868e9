System.Console.WriteLine("built");
