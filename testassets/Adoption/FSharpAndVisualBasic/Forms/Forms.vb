Public Module Forms
    Public Function Three() As Integer
        Return Calc.add(1, 2)
    End Function
End Module
