"""What the files of a tree define and use, by tree-sitter. Everything here is pure.

languages    a path -> its language
grammar      text -> syntax tree (the only tree_sitter)
symbols      text -> what it defines and imports
references   text -> what it calls and names
outline      text -> its signatures, with the bodies left out
"""
