# Mixed models for repeated measures by nlme::gls; writes mmrm_r.json. Run in this folder: Rscript mmrm_r.R
# gls states its covariance in other parameters than ours, so only what does not depend on them is compared.
# R 4.2.2, nlme 3.1-162. Its optimiser stops early: -2 log L is right to about 1e-8, a coefficient to 3e-5 errors.
library(nlme)
d <- read.csv("data/longitudinal.csv", na.strings = "")
d$region <- factor(d$region)
d$arm <- factor(d$arm)
d$visit <- factor(d$week)
d$place <- as.integer(d$visit)
control <- glsControl(tolerance = 1e-11, msTol = 1e-14, msMaxIter = 2000, maxIter = 2000)
within <- list(
  us = corSymm(form = ~ place | id),
  ar1 = corAR1(0.5, form = ~ place | id),
  cs = corCompSymm(form = ~ place | id)
)
fitted <- function(structure, heterogeneous, method) {
  f <- gls(chg ~ base + region + arm * visit, d, within[[structure]],
           weights = if (heterogeneous) varIdent(form = ~ 1 | visit), method = method, control = control)
  # After maximum likelihood gls multiplies the variances by N/(N - p); that factor is taken out again.
  taken <- if (method == "ML") (nrow(d) - length(coef(f))) / nrow(d) else 1
  list(structure = structure, heterogeneous = heterogeneous, method = method, log_likelihood = as.numeric(logLik(f)),
       parameters = attr(logLik(f), "df"), coefficients = as.numeric(coef(f)),
       standard_errors = as.numeric(sqrt(taken * diag(vcov(f)))))
}
cases <- list(
  fitted("us", TRUE, "REML"), fitted("us", TRUE, "ML"), fitted("ar1", FALSE, "REML"), fitted("ar1", TRUE, "REML"),
  fitted("cs", FALSE, "REML"), fitted("cs", TRUE, "REML"), fitted("ar1", FALSE, "ML"), fitted("cs", TRUE, "ML")
)
number <- function(x) sprintf("%.15g", x)
one <- function(case) {
  fields <- sapply(case, function(x) {
    text <- if (is.character(x)) paste0('"', x, '"') else if (is.logical(x)) tolower(x) else number(x)
    if (length(x) > 1) paste0("[", paste(text, collapse = ", "), "]") else text
  })
  paste0("  {", paste0('"', names(case), '": ', fields, collapse = ", "), "}")
}
writeLines(c("[", paste(sapply(cases, one), collapse = ",\n"), "]"), "mmrm_r.json")
