# SPDX-License-Identifier: GPL-2.0-only
# Every value of bench-lab.tsv that is a time, a point each, base beside fork:
#   gnuplot -e "tsv='...'; svg='...'; base='6.1, a506'" bench-lab.gnuplot
# An open triangle is a job that was not done by then.
set terminal svg size 1000,560 dynamic background "white" font "sans,13"
set output svg
set datafile separator "\t"
set title "Time to a fence on the virtual Adreno, ".base
set logscale y
set ylabel "microseconds"
set grid ytics
set key outside right
names = "idle_p50 idle_p99 idle_max resume_p50 resume_max hog_p50 hog_p99 hog_max reclaim_resume reclaim_qos reclaim_state behind_a_hang reclaim_mmap"
set xrange [0.3:words(names) + 0.7]
set xtics rotate by -35 noenhanced
do for [i = 1:words(names)] { set xtics add (word(names, i) i) }
at(name) = sum [i = 1:words(names)] (word(names, i) eq name ? i : 0)
x(side, name) = at(name) > 0 ? at(name) + (side eq "base" ? -0.12 : 0.12) : NaN
over(value) = value[1:1] eq ">"
pick(side, late) = strcol(1) eq side && over(strcol(4)) == late ? x(side, strcol(3)) : NaN
us = "real(over(strcol(4)) ? substr(strcol(4), 2, strlen(strcol(4))) : strcol(4))"
plot tsv every ::1 using (pick("base", 0)):(@us) with points pt 7 ps 0.7 lc rgb "#a40e26" title "base", \
	tsv every ::1 using (pick("base", 1)):(@us) with points pt 8 ps 1.2 lc rgb "#a40e26" title "base, not done", \
	tsv every ::1 using (pick("fork", 0)):(@us) with points pt 5 ps 0.7 lc rgb "#116329" title "fork", \
	tsv every ::1 using (pick("fork", 1)):(@us) with points pt 8 ps 1.2 lc rgb "#116329" title "fork, not done"
