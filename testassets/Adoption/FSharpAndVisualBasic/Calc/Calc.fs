module Calc

let add a b = a + b
