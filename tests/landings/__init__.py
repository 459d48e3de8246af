"""What a filled installation of an earlier landing becomes under the present code."""
