"""What the files of a tree define and use, by tree-sitter. Everything here is pure.

languages    a path -> its language
syntax       what definitions, names and calls look like in each language
grammar      text -> syntax tree (the only tree_sitter)
symbols      text -> what it defines and imports
references   text -> what it calls and names
codec        both of them <-> bytes
recalled     both of them, remembered by blob id
searched     names in a tree, remembered
lookup       names -> the files of a tree in which they stand, parsed
modules      an import -> the files that it can mean
ties         a use of a name -> whether it can only mean one definition
outline      text -> its signatures, with the bodies left out
signatures   syntax tree -> lines that could stand in an outline (telling: how much each says;
             heads: where a signature ends; sentences: what a comment says first)
outlined     what of each language stands in an outline (outlined_scripts, outlined_braces: tables)
facts        what the packer knows of a source file, small enough to keep
graph        facts -> how many files use a file
"""
