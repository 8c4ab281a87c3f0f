"""What command lines of the line-by-line kind share (IOS, VRP, the OLTs): grammars as data, a configuration tree,
views, abbreviations, `no` and `undo`. Each platform brings its grammar, its words and its readings."""
