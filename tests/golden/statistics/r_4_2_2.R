# Makes r_4_2_2.json: Rscript r_4_2_2.R > r_4_2_2.json, in this folder (R 4.2.2, survival 3.5-3).
# The expected numbers come from R's own functions; nothing of the product is used.
suppressMessages({library(survival)})
toj <- function(x) { if (is.list(x)) { v <- vapply(x,toj,""); if (is.null(names(x))) paste0("[",paste(v,collapse=", "),"]") else paste0("{",paste0('"',names(x),'": ',v,collapse=", "),"}") } else if (is.matrix(x)) paste0("[",paste(apply(x,1,function(r) toj(as.vector(r))),collapse=", "),"]") else if (is.character(x)) paste0('"',x,'"') else { w <- ifelse(is.na(x),"null",ifelse(is.infinite(x),'"Inf"',formatC(x,digits=15,format="g"))); w <- trimws(w); if (length(w)==1) w else paste0("[",paste(w,collapse=", "),"]") } }
o <- list()
d3 <- read.csv("data/tte_3arm.csv"); m <- read.csv("data/tte_main.csv", na.strings=character()); t6 <- read.csv("data/tte_6mp.csv")
ti <- read.csv("data/tte_ties.csv", na.strings=character())
s <- survdiff(Surv(time,event)~arm,d3)
o$logrank_3arm <- list(observed=s$obs, expected=s$exp, chisq=s$chisq, df=2, p=pchisq(s$chisq,2,lower=FALSE))
s <- survdiff(Surv(time,event)~arm+strata(region),d3)
o$logrank_3arm_stratified <- list(observed=rowSums(s$obs), expected=rowSums(s$exp), chisq=s$chisq)
f <- coxph(Surv(time,event)~I(arm==1)+I(arm==2)+age+steroid+strata(region), d3, ties="breslow", control=coxph.control(eps=1e-12,toler.chol=1e-13))
g <- summary(f)
o$cox_3arm_stratified_breslow <- list(coef=unname(coef(f)), vcov=unname(vcov(f)), loglik=f$loglik, score=unname(g$sctest[1]), wald=unname(f$wald.test), lrt=unname(g$logtest[1]))
for (ct in c("log-log","log","plain")) { k <- summary(survfit(Surv(time,event)~1, subset(t6,arm==0), conf.type=ct))
 o[[paste0("km_6mp_control/",ct)]] <- list(time=k$time, n_risk=k$n.risk, n_event=k$n.event, surv=k$surv, std_err=k$std.err, lower=k$lower, upper=k$upper)
 q <- quantile(survfit(Surv(time,event)~1, subset(t6,arm==0), conf.type=ct), c(.25,.5,.75))
 o[[paste0("km_6mp_control_quantile/",ct)]] <- list(quantile=unname(q$quantile), lower=unname(q$lower), upper=unname(q$upper)) 
 q <- quantile(survfit(Surv(time,event)~1, subset(t6,arm==1), conf.type=ct), c(.1,.25,.5))
 o[[paste0("km_6mp_treated_quantile/",ct)]] <- list(quantile=unname(q$quantile), lower=unname(q$lower), upper=unname(q$upper)) }
fl <- survfit(Surv(c(1,2,3,4,5,6,7,8), c(1,1,1,1,0,1,0,0))~1, conf.type="log-log"); q <- quantile(fl,c(.25,.5,.6))
o$flat_quantile <- list(quantile=unname(q$quantile), lower=unname(q$lower), upper=unname(q$upper))
x <- t6$time[t6$arm==1]; y <- t6$time[t6$arm==0]
for (p in c(FALSE,TRUE)) { t <- t.test(x,y,var.equal=p); o[[if(p) "t_pooled" else "t_welch"]] <- list(estimate=unname(t$estimate[1]-t$estimate[2]), stderr=t$stderr, t=unname(t$statistic), df=unname(t$parameter), p=t$p.value, ci=as.numeric(t$conf.int)) }
for (ty in c(2,6,7)) o[[paste0("quartiles/",ty)]] <- unname(quantile(y, c(.25,.5,.75), type=ty))
o$quartiles_even <- lapply(c(2,6,7), function(ty) unname(quantile(c(1,2,3,4,10,20), c(.25,.5,.75), type=ty)))
o$describe <- list(mean=mean(x), sd=sd(x))
for (e in list(c(0,12.5),c(7,103.2),c(250,1000))) { p <- poisson.test(e[1],e[2]); o[[paste0("poisson/",e[1],"/",e[2])]] <- as.numeric(p$conf.int) }
L <- subset(read.csv("data/longitudinal.csv", na.strings="NA_none"), week==24); L$arm <- factor(L$arm)
f <- lm(chg~base+arm+region, L); 

lv <- sort(unique(L$region)); K <- length(lv)
mm <- function(a) colMeans(model.matrix(delete.response(terms(f)), data.frame(base=mean(L$base), arm=factor(a,levels=levels(L$arm)), region=lv), xlev=f$xlevels))
M <- rbind(mm("0"),mm("1")); est <- as.vector(M %*% coef(f)); se <- sqrt(diag(M %*% vcov(f) %*% t(M))); q <- qt(.975, f$df.residual)
o$ancova_means <- list(mean=est, se=se, lower=est-q*se, upper=est+q*se, df=f$df.residual)
cat("{\n"); n <- names(o); for (i in seq_along(n)) cat('  "',n[i],'": ',toj(o[[i]]),if (i<length(n)) ",\n" else "\n}\n",sep="")
cat(paste(R.version.string, "survival", packageVersion("survival")), file=stderr())
