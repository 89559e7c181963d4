# Further methods of `validate`, one case or more for each name; writes named_cases.json. Run in this folder:
# Rscript named_r.R (R 4.2.2, survival 3.5-3, stats). What those packages lack is written out from its definition.
suppressMessages(library(survival))
toj <- function(x) {
  if (is.list(x)) {
    parts <- vapply(x, toj, "")
    if (is.null(names(x))) paste0("[", paste(parts, collapse = ", "), "]")
    else paste0("{", paste0('"', names(x), '": ', parts, collapse = ", "), "}")
  } else {
    text <- if (is.character(x)) paste0('"', x, '"') else if (is.logical(x) && !all(is.na(x))) tolower(x)
            else ifelse(is.na(x), "null", sprintf("%.15g", x))
    if (length(x) > 1) paste0("[", paste(text, collapse = ", "), "]") else text
  }
}
cases <- list()
case <- function(method, input, expected, source, rtol = 1e-7) {
  id <- paste0("named-", length(cases) + 1)
  cases[[length(cases) + 1]] <<- list(id = id, topic = "named", method = method, input = input,
                                      expected = lapply(expected, unname), source = paste("R 4.2.2", source), rtol = rtol)
}

# --- Survival ---------------------------------------------------------------------------------------------------------
m <- read.csv("data/tte_main.csv", na.strings = character())
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)
s <- summary(survfit(Surv(time, event) ~ 1, m[m$arm == 1, ], conf.type = "plain"), times = c(56, 168, 336))
case("kaplan_meier/plain", list(data = "tte_main.csv", where = list(arm = 1), times = c(56, 168, 336), conf_level = 0.95),
     list(surv = s$surv, std_err = s$std.err, lower = s$lower, upper = s$upper, n_risk = s$n.risk), "survival 3.5-3 survfit")
for (type in c("plain", "log")) {
  q <- quantile(survfit(Surv(time, event) ~ 1, m, conf.type = type), c(0.1, 0.25, 0.5))
  case(paste0("km_quantile/", type), list(data = "tte_main.csv", probs = c(0.1, 0.25, 0.5), conf_level = 0.95),
       list(quantile = q$quantile, lower = q$lower, upper = q$upper), "survival 3.5-3 quantile.survfit")
}
s <- survdiff(Surv(time, event) ~ arm + strata(region, steroid), m)
case("logrank_stratified2", list(data = "tte_main.csv", formula = "Surv(time, event) ~ arm + strata(region, steroid)", rho = 0),
     list(chisq = s$chisq, df = 1, p = pchisq(s$chisq, 1, lower.tail = FALSE), observed = rowSums(s$obs), expected = rowSums(s$exp)),
     "survival 3.5-3 survdiff")
s <- survdiff(Surv(time, event) ~ arm, m, rho = 0.5)
case("fh_rho0.5", list(data = "tte_main.csv", formula = "Surv(time, event) ~ arm", rho = 0.5),
     list(chisq = s$chisq, df = 1, observed = s$obs, expected = s$exp, var = s$var[1, 1]), "survival 3.5-3 survdiff")
cox <- function(method, formula, ties) {
  f <- coxph(as.formula(formula), m, ties = ties, control = tight); z <- summary(f)
  case(method, list(data = "tte_main.csv", formula = formula, ties = ties),
       list(coef = coef(f), se = sqrt(diag(vcov(f))), hr = exp(coef(f)), loglik = f$loglik[2], lrt = z$logtest[1],
            score = z$sctest[1]), "survival 3.5-3 coxph")
}
for (ties in c("efron", "breslow", "exact")) cox(paste0("cox_stratified/", ties), "Surv(time, event) ~ arm + strata(region)", ties)
cox("cox_strat_cov/breslow", "Surv(time, event) ~ arm + age + strata(region)", "breslow")
for (transform in c("km", "rank")) {
  z <- cox.zph(coxph(Surv(time, event) ~ arm + age, m, control = tight), transform)$table
  case("cox_zph", list(data = "tte_main.csv", formula = "Surv(time, event) ~ arm + age", transform = transform),
       list(chisq = z[, "chisq"], df = z[, "df"], p = z[, "p"]), "survival 3.5-3 cox.zph")
}

# --- Proportions: the score statistic solved for, its restricted estimates by optimise -----------------------------------
score_limits <- function(z, low, high) sapply(c(1, -1) * qnorm(0.975), function(q) uniroot(function(t) z(t) - q, c(low, high), tol = 1e-13)$root)
mee <- function(x1, n1, x0, n0) {
  z <- function(d) {
    slope <- function(p) (x1 - n1 * (p + d)) / ((p + d) * (1 - p - d)) + (x0 - n0 * p) / (p * (1 - p))
    p <- uniroot(slope, c(max(0, -d) + 1e-12, min(1, 1 - d) - 1e-12), tol = 1e-15)$root
    (x1 / n1 - x0 / n0 - d) / sqrt((p + d) * (1 - p - d) / n1 + p * (1 - p) / n0)
  }
  score_limits(z, -0.99, 0.99)
}
l <- mee(12, 40, 20, 41)
case("rd/mee", list(x1 = 12, n1 = 40, x0 = 20, n0 = 41, conf_level = 0.95), list(est = 12 / 40 - 20 / 41, lower = l[1], upper = l[2]),
     "from the definition (Mee 1984)")
common_odds <- function(x1, n1, x0, n0) {
  w <- n1 * n0 / (n1 + n0)
  z <- function(log_theta) {
    p0 <- mapply(function(a, n, b, k) uniroot(function(p) n * plogis(qlogis(p) + log_theta) + k * p - a - b,
                                              c(1e-14, 1 - 1e-14), tol = 1e-16)$root, x1, n1, x0, n0)
    p1 <- plogis(qlogis(p0) + log_theta)
    score <- (x1 / n1 - p1) / (p1 * (1 - p1)) - (x0 / n0 - p0) / (p0 * (1 - p0))
    variance <- (1 / (n1 * p1 * (1 - p1)) + 1 / (n0 * p0 * (1 - p0))) * (n1 + n0) / (n1 + n0 - 1)
    sum(w * score) / sqrt(sum(w^2 * variance))
  }
  exp(c(score_limits(z, -6, 6), uniroot(z, c(-6, 6), tol = 1e-13)$root))
}
x1 <- c(8, 14, 7); n1 <- c(30, 50, 36); x0 <- c(13, 20, 12); n0 <- c(31, 49, 35)
l <- common_odds(x1, n1, x0, n0)
case("stratified_mn_or/MH_weights", list(x1 = x1, n1 = n1, x0 = x0, n0 = n0, conf_level = 0.95),
     list(lower = l[1], upper = l[2], mle = l[3]), "from the definition: weighted scores (Laud 2017), weights n1 n0 / N")

# --- Means ------------------------------------------------------------------------------------------------------------
d <- read.csv("data/longitudinal.csv"); d <- d[d$week == 24 & !is.na(d$chg), ]
for (pooled in c(FALSE, TRUE)) {
  t <- t.test(d$chg[d$arm == 1], d$chg[d$arm == 0], var.equal = pooled)
  case("two_means_t", list(data = "longitudinal.csv", where = list(week = 24), outcome = "chg", pooled = pooled, conf_level = 0.95),
       list(diff = -diff(t$estimate), se = t$stderr, t = t$statistic, df = t$parameter, p = t$p.value, lower = t$conf.int[1],
            upper = t$conf.int[2]), "stats t.test")
}
n <- power.t.test(delta = 5, sd = 12, power = 0.9, sig.level = 0.05, tol = 1e-13)$n
case("two_means_t", list(delta = 5, sd = 12, power = 0.9, alpha_two_sided = 0.05), list(n_per_arm = n, n_total = 2 * n), "stats power.t.test")
case("two_means_t", list(delta = 5, sd = 12, n_per_arm = 80, alpha_two_sided = 0.05),
     list(power = power.t.test(n = 80, delta = 5, sd = 12, strict = TRUE)$power), "stats power.t.test")

# --- Looks: the chance of crossing a bound for the first time, by Simpson's rule over the score at each look ---------------
first_crossing <- function(upper, information, drift) {
  found <- pnorm(upper[1], drift * sqrt(information[1]), lower.tail = FALSE)
  grid <- function(k) seq(drift * information[k] - 9 * sqrt(information[k]), upper[k] * sqrt(information[k]), length.out = 2001)
  s <- grid(1); g <- dnorm(s, drift * information[1], sqrt(information[1]))
  for (k in seq_along(upper)[-1]) {
    step <- information[k] - information[k - 1]; w <- s[2] - s[1]
    weights <- c(1, rep_len(c(4, 2), length(s) - 2), 1) * w / 3
    found[k] <- sum(weights * g * pnorm(upper[k] * sqrt(information[k]), s + drift * step, sqrt(step), lower.tail = FALSE))
    next_s <- grid(k)
    g <- sapply(next_s, function(at) sum(weights * g * dnorm(at, s + drift * step, sqrt(step))))
    s <- next_s
  }
  found
}
shape <- list(obrien_fleming = function(t) 1 / sqrt(t), pocock = function(t) rep(1, length(t)))
bounds <- function(type, t, alpha) {
  c <- uniroot(function(c) sum(first_crossing(c * shape[[type]](t), t, 0)) - alpha, c(1e-3, 9), tol = 1e-12)$root
  c * shape[[type]](t)
}
for (type in names(shape)) for (t in list(c(0.5, 1), c(0.3, 0.6, 1))) {
  upper <- bounds(type, t, 0.025)
  drift <- uniroot(function(d) sum(first_crossing(upper, t, d)) - 0.8, c(2, 5), tol = 1e-12)$root
  inflation <- (drift / (qnorm(0.975) + qnorm(0.8)))^2
  spent <- function(drift) { p <- first_crossing(upper, t, drift); sum(p * t) + 1 - sum(p) }
  case(paste0("boundary/", type), list(information_rates = t, alpha = 0.025, sided = 1),
       list(critical_values = upper, alpha_spent = cumsum(first_crossing(upper, t, 0)),
            stage_levels_one_sided = pnorm(-upper), inflation_factor_power80 = inflation,
            avg_sample_size_factor_H1 = inflation * spent(drift), avg_sample_size_factor_H0 = inflation * spent(0)),
       "Armitage, McPherson & Rowe 1969 by Simpson's rule", 1e-6)
}
for (type in names(shape)) {
  t <- c(0.5, 1); z <- c(1.5, 2.2); estimate <- c(0.4, 0.42); se <- estimate / z; upper <- bounds(type, t, 0.025)
  p <- sapply(1:2, function(k) uniroot(function(a) bounds(type, t, a)[k] - z[k], c(1e-5, 0.49), tol = 1e-11)$root)
  case("repeated_ci_pvalue", list(information_rates = t, alpha = 0.025, sided = 1, boundary = type, estimate = estimate, se = se),
       list(lower = estimate - upper * se, upper = estimate + upper * se, p = p, critical_values = upper),
       "Jennison & Turnbull 1989 by Simpson's rule", 1e-6)
}

# --- Randomisation: every list of twelve, with its probability ----------------------------------------------------------
share <- list(  # of arm A next, from the numbers a and b so far, of n
  pbr_2 = function(a, b, n) { i <- (a + b) %% 2; x <- a - (a + b) %/% 2; (1 - x) / (2 - i) },
  pbr_6 = function(a, b, n) { i <- (a + b) %% 6; x <- a - 3 * ((a + b) %/% 6); (3 - x) / (6 - i) },
  big_stick_2 = function(a, b, n) if (a - b >= 2) 0 else if (b - a >= 2) 1 else 0.5,
  efron_3_4 = function(a, b, n) if (a > b) 0.25 else if (a < b) 0.75 else 0.5,
  wei_urn_1_1 = function(a, b, n) (1 + b) / (2 + a + b),
  truncated_binomial = function(a, b, n) if (a == n / 2) 0 else if (b == n / 2) 1 else 0.5,
  chen_3_p23 = function(a, b, n) if (a - b >= 3) 0 else if (b - a >= 3) 1 else if (a > b) 1 / 3 else if (a < b) 2 / 3 else 0.5
)
n <- 12
lists <- as.matrix(expand.grid(rep(list(0:1), n)))
entropy <- function(p) if (p <= 0 || p >= 1) 0 else -p * log2(p) - (1 - p) * log2(1 - p)
for (name in names(share)) {

  told <- lapply(seq_len(nrow(lists)), function(row) {
    x <- lists[row, ]; a <- cumsum(c(0, x[-n])); b <- seq_len(n) - 1 - a
    p <- mapply(share[[name]], a, b, n); own <- ifelse(x == 1, p, 1 - p)
    under <- ifelse(a == b, 0.5, ifelse(a < b, x == 1, x == 0))
    list(chance = prod(own), right = mean(under), bits = sum(sapply(p, entropy)), forced = 4 * mean(abs(p - 0.5)),
         certain = mean(p %in% 0:1), path = cumsum(2 * x - 1))
  })
  w <- sapply(told, `[[`, "chance"); of <- function(part) sum(w * sapply(told, `[[`, part))
  D <- sapply(told, `[[`, "path"); variances <- apply(D, 1, function(d) sum(w * d^2) - sum(w * d)^2)
  case(paste0("metrics/", name), list(procedure = name, n = n, arms = 2, ratio = "1:1"),
       list(correct_guess_prob = of("right"), entropy_bits = of("bits"), forcing_index = of("forced"),
            prop_deterministic = of("certain"), var_D_n = variances[n], expected_abs_D_n = sum(w * abs(D[n, ])),
            prob_D_n_0 = sum(w * (D[n, ] == 0)), max_var_over_path = max(variances)), "all 4,096 lists enumerated")
}

# --- Operations -------------------------------------------------------------------------------------------------------
case("poisson_gamma_recruitment", list(sites = 4, mean_rate_per_site_month = 0.75, gamma_shape = 0.7, months = 11, target = 40),
     list(expected = 33, variance = 33 + 33^2 / 2.8, prob_reach_target = 1 - pnbinom(39, size = 2.8, mu = 33),
          p10 = qnbinom(0.1, size = 2.8, mu = 33), p90 = qnbinom(0.9, size = 2.8, mu = 33)), "stats pnbinom, qnbinom")
case("supply_stockout_base_stock", list(base_stock = 3, demand_per_week = 0.85, lead_time_weeks = 2),
     list(prob_stockout_at_order_arrival = 1 - ppois(3, 1.7), fill_rate = ppois(2, 1.7),
          expected_backorders = sum((4:200 - 3) * dpois(4:200, 1.7))), "stats ppois")
writeLines(c("[", paste0("  ", sapply(cases, toj), collapse = ",\n"), "]"), "named_cases.json")
