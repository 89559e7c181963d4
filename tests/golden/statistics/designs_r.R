# Makes designs_r.json: Rscript designs_r.R > designs_r.json, in this folder (R 4.2.2).
# The expected numbers come from R's own functions; nothing of the product is used.
suppressMessages(library(MASS))
num <- function(x) paste0("[", paste(ifelse(is.infinite(x), '"Inf"', formatC(x, digits=15, format="g")), collapse=", "), "]")
o <- list()
p <- c(0.012, 0.04, 0.003, 0.2, 0.0151)
for (m in c("holm", "hochberg", "bonferroni")) o[[paste0("p_adjust/", m)]] <- p.adjust(p, m)
counts <- c(12,7,5, 9,10,6, 5,8,14,  8,6,4, 7,7,5, 3,6,9)   # response by group, two strata
x <- array(counts, c(3, 3, 2))
t <- mantelhaen.test(x); o$mantelhaen_3x3x2 <- c(t$statistic, t$parameter, t$p.value)
values <- unlist(lapply(1:3, function(g) rep(1:3, x[,g,1]))); group <- rep(1:3, colSums(x[,,1]))
k <- kruskal.test(values, group); o$kruskal_3x3 <- c(k$statistic, k$parameter, k$p.value)
o$trend_3x3 <- (length(values) - 1) * cor(values, group)^2
for (n in list(c(20, 20), c(34, 34))) o[[paste0("power_t/", n[1])]] <- power.t.test(n=n[1], delta=0.7, sd=1, strict=TRUE)$power
for (q in list(c(56,70,48,80), c(9,10,3,10), c(30,116,46,115))) {
  d <- data.frame(y=c(q[1], q[3]), n=c(q[2]-q[1], q[4]-q[3]), arm=c(1, 0))
  f <- glm(cbind(y, n) ~ arm, binomial, d, control=list(epsilon=1e-14, maxit=50))
  # The deviance profiled by R's optimiser, its roots by uniroot: MASS's spline is good to four digits only.
  g <- function(b) { o <- glm(cbind(y, n) ~ 1, binomial, d, offset=b*d$arm, control=list(epsilon=1e-14, maxit=50)); deviance(o) - deviance(f) - qchisq(.95, 1) }
  b <- unname(coef(f)[2])
  o[[paste0("or_profile/", paste(q, collapse="_"))]] <- exp(c(b, uniroot(g, c(b-8, b), tol=1e-13)$root, uniroot(g, c(b, b+8), tol=1e-13)$root))
}
b <- read.csv("data/binary.csv")
f <- glm(flare ~ arm + steroid + age, binomial, b, control=list(epsilon=1e-14, maxit=50))
o$logistic_coef <- unname(coef(f)); o$logistic_se <- unname(sqrt(diag(vcov(f)))); o$logistic_deviance <- c(deviance(f), f$null.deviance)
cat("{\n"); n <- names(o); for (i in seq_along(n)) cat('  "', n[i], '": ', num(o[[i]]), if (i < length(n)) ",\n" else "\n}\n", sep="")
