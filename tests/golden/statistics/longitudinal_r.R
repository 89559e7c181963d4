# Mixed models of four covariance structures with Satterthwaite's degrees of freedom, and conditional-mean imputation
# with the jackknife, in base R (4.2.2) from the definitions; writes longitudinal_r.json in the format of `validate`.
# Run in this folder: Rscript longitudinal_r.R (some minutes). No package: the restricted likelihood patient by patient,
# BFGS, then Newton's method with derivatives by differences until nothing is left to gain.
toj <- function(x) {
  if (is.list(x)) {
    parts <- vapply(x, toj, "")
    if (is.null(names(x))) paste0("[", paste(parts, collapse = ", "), "]")
    else paste0("{", paste0('"', names(x), '": ', parts, collapse = ", "), "}")
  } else {
    text <- if (is.character(x)) paste0('"', x, '"') else if (is.logical(x)) tolower(x) else sprintf("%.15g", x)
    if (length(x) > 1) paste0("[", paste(text, collapse = ", "), "]") else text
  }
}
gradient <- function(f, at, h = 1e-3) sapply(seq_along(at), function(i) {
  e <- replace(numeric(length(at)), i, h)
  (45 * (f(at + e) - f(at - e)) - 9 * (f(at + 2 * e) - f(at - 2 * e)) + (f(at + 3 * e) - f(at - 3 * e))) / (60 * h)
})
hessian <- function(f, at) {
  H <- sapply(seq_along(at), function(i) {
    h <- 5e-3; e <- replace(numeric(length(at)), i, h)
    (8 * (gradient(f, at + e) - gradient(f, at - e)) - (gradient(f, at + 2 * e) - gradient(f, at - 2 * e))) / (12 * h)
  })
  (H + t(H)) / 2
}
between <- list(
  us = function(t) { m <- (sqrt(8 * length(t) + 1) - 1) / 2; L <- diag(exp(t[1:m])); L[lower.tri(L)] <- t[-(1:m)]; L %*% t(L) },
  cs = function(t) exp(2 * t[1]) * (diag(4) * (1 - tanh(t[2])) + tanh(t[2])),
  ar1h = function(t) outer(exp(t[1:4]), exp(t[1:4])) * tanh(t[5])^abs(outer(1:4, 1:4, "-")),
  toeph = function(t) outer(exp(t[1:4]), exp(t[1:4])) * toeplitz(c(1, tanh(t[5:7]))),
  adh = function(t) {
    r <- diag(4)
    for (i in 1:3) for (j in (i + 1):4) r[i, j] <- r[j, i] <- prod(tanh(t[4 + i:(j - 1)]))
    outer(exp(t[1:4]), exp(t[1:4])) * r
  }
)
solved <- function(d, X, S) {
  A <- 0; b <- 0; q <- 0; volume <- 0
  for (mine in split(seq_along(d$y), d$id)) {
    R <- chol(S[d$place[mine], d$place[mine], drop = FALSE])
    W <- backsolve(R, cbind(X[mine, , drop = FALSE], d$y[mine]), transpose = TRUE)
    x <- W[, -ncol(W), drop = FALSE]; y <- W[, ncol(W)]
    A <- A + crossprod(x); b <- b + crossprod(x, y); q <- q + sum(y^2); volume <- volume + 2 * sum(log(diag(R)))
  }
  phi <- solve(A); beta <- phi %*% b
  list(phi = phi, beta = drop(beta), deviance = (length(d$y) - ncol(X)) * log(2 * pi) + volume +
         as.numeric(determinant(A)$modulus) + q - sum(b * beta))
}
fitted <- function(d, X, structure, start, H = NULL) {
  f <- function(t) tryCatch(solved(d, X, between[[structure]](t))$deviance / 2, error = function(e) 1e10)
  t <- start; near <- !is.null(H)  # from a neighbouring optimum: its curvature serves
  if (!near) t <- optim(t, f, function(t) gradient(f, t), method = "BFGS", control = list(maxit = 500, reltol = 1e-12))$par
  for (step in 1:60) {
    g <- gradient(f, t)
    if (!near && step < 3) H <- hessian(f, t)
    move <- solve(H, g); t <- t - move
    if (sum(g * move) < 1e-17) break
  }
  if (sum(g * move) > 1e-15) stop("no optimum")
  c(solved(d, X, between[[structure]](t)), list(theta = t, H = H, S = between[[structure]](t)))
}

# --- Mixed models -----------------------------------------------------------------------------------------------------
d <- read.csv("data/longitudinal.csv", na.strings = c("NA", "")); d <- d[!is.na(d$chg), ]
d$y <- d$chg; weeks <- sort(unique(d$week)); d$place <- match(d$week, weeks)
d$region <- factor(d$region); d$armf <- factor(d$arm); d$visit <- factor(d$week)
X <- model.matrix(~ base + region + armf * visit, d)
satterthwaite <- function(fit, weights, structure) {
  variance <- function(t) drop(weights %*% solved(d, X, between[[structure]](t))$phi %*% weights)
  g <- gradient(variance, fit$theta); 2 * variance(fit$theta)^2 / drop(g %*% solve(fit$H, g))
}
mixed <- function(structure, start) {
  fit <- fitted(d, X, structure, start)
  at <- function(arm, week) {
    level <- c(1, mean(d$base), 1 / 3, 1 / 3, arm, weeks[-1] == week, arm * (weeks[-1] == week))
    as.numeric(level)
  }
  L <- t(sapply(weeks, function(w) at(1, w) - at(0, w)))
  M <- do.call(rbind, lapply(weeks, function(w) rbind(at(0, w), at(1, w))))
  est <- drop(L %*% fit$beta); se <- sqrt(diag(L %*% fit$phi %*% t(L)))
  df <- apply(L, 1, function(row) satterthwaite(fit, row, structure)); q <- qt(0.975, df)
  list(id = paste0("longitudinal-", structure), topic = "mmrm", method = paste0("mmrm/", structure, "/Satterthwaite"),
       input = list(data = "longitudinal.csv",
                    formula = paste0("chg~base+region+arm*visit, ", structure, "(visit|id)"), reml = TRUE),
       expected = list(visit = weeks, diff = est, se = se, df = df, lower = est - q * se, upper = est + q * se,
                       t = est / se, p = 2 * pt(-abs(est / se), df), coef = unname(fit$beta), coef_names = colnames(X),
                       neg2loglik = fit$deviance, lsmean = drop(M %*% fit$beta),
                       lsmean_se = sqrt(diag(M %*% fit$phi %*% t(M))),
                       covariance = lapply(1:4, function(i) fit$S[i, ])),
       source = "base R 4.2.2, longitudinal_r.R beside this file", rtol = 2e-6)
}
scale <- rep(log(3.5), 4)
cases <- list(mixed("cs", c(log(3.5), atanh(0.5))), mixed("ar1h", c(scale, atanh(0.6))),
              mixed("toeph", c(scale, atanh(c(0.6, 0.5, 0.4)))), mixed("adh", c(scale, atanh(c(0.6, 0.6, 0.6)))))

# --- Conditional-mean imputation ----------------------------------------------------------------------------------------
wide <- read.csv("data/rbmi_data.csv", na.strings = c("NA", "")); wide$place <- match(wide$week, weeks)
rows <- function(base, arm) cbind(diag(4), arm * diag(4), base * diag(4))
differences <- function(all, start, H = NULL) {
  seen <- all[!is.na(all$chg), ]; seen$y <- seen$chg
  X <- t(sapply(seq_along(seen$y), function(i) rows(seen$base[i], seen$arm[i])[seen$place[i], ]))
  fit <- fitted(seen, X, "us", start, H)
  results <- sapply(c("MAR", "JR", "CR", "CIR"), function(strategy) {
    done <- do.call(rbind, lapply(split(all, all$id), function(p) {
      p <- p[order(p$place), ]
      own <- drop(rows(p$base[1], p$arm[1]) %*% fit$beta); over <- drop(rows(p$base[1], 0) %*% fit$beta)
      last <- max(0, which(!is.na(p$chg))); after <- 1:4 > last
      mean <- switch(strategy, MAR = own, JR = ifelse(after, over, own), CR = if (any(after)) over else own,
                     CIR = ifelse(after, over + (if (last) (own - over)[last] else 0), own))
      gap <- is.na(p$chg)
      if (any(gap) && !all(gap)) p$chg[gap] <- mean[gap] + fit$S[gap, !gap, drop = FALSE] %*%
          solve(fit$S[!gap, !gap, drop = FALSE], p$chg[!gap] - mean[!gap])
      if (all(gap)) p$chg <- mean
      p
    }))
    sapply(1:4, function(k) coef(lm(chg ~ base + arm, done[done$place == k, ]))["arm"])
  })
  list(results = results, theta = fit$theta, H = fit$H)
}
everybody <- differences(wide, c(rep(log(4), 4), 3, 3, 3, 2, 2, 2))
without <- lapply(unique(wide$id), function(i) differences(wide[wide$id != i, ], everybody$theta, everybody$H)$results)
n <- length(without)
for (strategy in c("MAR", "JR", "CR", "CIR")) {
  est <- unname(everybody$results[, strategy]); left <- sapply(without, function(one) one[, strategy])
  se <- sqrt((n - 1) / n * rowSums((left - rowMeans(left))^2)); q <- qnorm(0.975)
  cases[[length(cases) + 1]] <- list(
    id = paste0("longitudinal-", strategy), topic = "mi", method = paste0("rbmi_condmean_jackknife/", strategy),
    input = list(data = "rbmi_data.csv", imputation_model = "chg~base*week+arm*week, unstructured, REML",
                 analysis = "ANCOVA chg~base+arm per visit", strategy_from = "first visit after last observed",
                 reference = "arm 0", strategy = strategy),
    expected = list(parameter = paste0("trt_", weeks), est = est, se = se, lower = est - q * se, upper = est + q * se,
                    p = 2 * pnorm(-abs(est / se))),
    source = "base R 4.2.2, longitudinal_r.R beside this file", rtol = 2e-6)
}
writeLines(c("[", paste0("  ", sapply(cases, toj), collapse = ",\n"), "]"), "longitudinal_r.json")
