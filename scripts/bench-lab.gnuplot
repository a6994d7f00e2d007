# SPDX-License-Identifier: GPL-2.0-only
# Every value of bench-lab.tsv that is a time, a point each, base beside fork:
#   gnuplot -e "tsv='...'; svg='...'; base='6.1'" bench-lab.gnuplot
set terminal svg size 900,520 dynamic background "white"
set output svg
set datafile separator "\t"
set title "Time to a fence on the virtual Adreno, ".base
set logscale y
set ylabel "microseconds"
set grid ytics
set key outside right
names = "idle_p50 idle_p99 idle_max resume_p50 resume_max hog_p50 hog_p99 hog_max behind_a_hang"
set xrange [0.3:words(names) + 0.7]
set xtics rotate by -35
do for [i = 1:words(names)] { set xtics add (word(names, i) i) }
at(name) = sum [i = 1:words(names)] (word(names, i) eq name ? i : 0)
pick(side, name) = at(name) > 0 ? at(name) + (side eq "base" ? -0.12 : 0.12) : NaN
plot tsv using (strcol(1) eq "base" ? pick("base", strcol(3)) : NaN):4 \
		with points pt 7 ps 0.7 lc rgb "#a40e26" title "base", \
	tsv using (strcol(1) eq "fork" ? pick("fork", strcol(3)) : NaN):4 \
		with points pt 5 ps 0.7 lc rgb "#116329" title "fork"
