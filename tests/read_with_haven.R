# Reads one labelled file as an R user would and writes what haven understood, one line a cell:
# column, row, value (17 digits), tagged letter, counted as missing, label of the value.
arguments <- commandArgs(trailingOnly = TRUE)
path <- arguments[1]
frame <- if (grepl("sav$", path)) haven::read_sav(path, user_na = TRUE) else haven::read_dta(path)
cat("(file)", 0, attr(frame, "label"), "", "", "", sep = "\t")
cat("\n")
for (name in names(frame)) {
  column <- frame[[name]]
  tags <- if (is.double(column)) haven::na_tag(column) else rep(NA, length(column))
  missing <- is.na(column)
  labels <- attr(column, "labels")
  title <- attr(column, "label")
  cat(name, 0, if (is.null(title)) "" else title, "", "", "", sep = "\t")
  cat("\n")
  plain <- if (inherits(column, "Date")) format(column) else if (is.numeric(column)) format(as.vector(unclass(column)), digits = 17, trim = TRUE) else as.vector(unclass(column))
  for (row in seq_along(plain)) {
    label <- ""
    if (!is.null(labels)) {
      at <- if (is.double(labels) && !is.na(tags[row])) which(haven::na_tag(labels) == tags[row]) else which(labels == as.vector(unclass(column))[row])
      if (length(at) == 1) label <- names(labels)[at]
    }
    cat(name, row, if (is.na(plain[row])) "" else plain[row], if (is.na(tags[row])) "" else tags[row], missing[row], label, sep = "\t")
    cat("\n")
  }
}
