#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
#
# timeline.pl [--min US] [--slow] [--strace DIR] TRACE...
#
# Reads what ftrace recorded (bench/timeline), takes the fastest of the runs and prints the
# system calls of the command that wrote the marker, and of its descendants, in the order
# in which they began. DIR holds one file of strace -ff per process of another run: its
# lines stand in for the kernel's raw arguments where the calls are the same.
use strict;
use warnings;
no warnings 'portable'; # 64 bits

my ($min, $slow, $dir, @traces) = (30, 0, undef);

while (@ARGV) {
	my $a = shift;
	if ($a eq '--min') { $min = shift }
	elsif ($a eq '--slow') { $slow = 1 }
	elsif ($a eq '--strace') { $dir = shift }
	else { push @traces, $a }
}

# One run: its events as rows, its processes in order of birth.
sub load {
	my ($file) = @_;
	my %r = (rows => [], procs => [], took => 0);
	my (%proc, %off, $t0, $main);

	my $born = sub {
		my ($pid, $at, $name) = @_;
		$proc{$pid} = { n => scalar @{$r{procs}} + 1, name => $name, born => $at,
			free => $at, calls => [], off => 0, faults => 0 };
		push @{$r{procs}}, $proc{$pid};
	};
	my $row = sub {
		my ($p, $at, $took, $text, $raw) = @_;
		my $x = { p => $p, name => $p->{name}, at => $at, took => $took, text => $text, raw => $raw,
			off => $p->{off}, faults => $p->{faults} };
		@$p{qw(off faults)} = (0, 0);
		push @{$r{rows}}, $x;
		return $x;
	};
	# What a process did between two calls, where it was long.
	my $between = sub {
		my ($p, $at) = @_;
		if ($at - $p->{free} >= $min) {
			$row->($p, $p->{free}, $at - $p->{free}, '(own code)', '');
		}
		@$p{qw(off faults)} = (0, 0);
	};

	open(my $f, '<', $file) or die "$file: $!\n";
	while (<$f>) {
		next unless /^\s*.*?-(\d+)\s+\[\d+\]\s+\S+\s+(\d+)\.(\d+): (\w+)(.*)/;
		my ($pid, $at, $what, $rest) = ($1, $2 * 1000000 + $3, $4, $5);
		if ($what eq 'tracing_mark_write' && $rest =~ /wabe-(timeline|before)/) {
			$born->($pid, $at, 'sh');
			$main = $proc{$pid} if $1 eq 'timeline';
			next;
		}
		if ($what eq 'sched_switch' && $rest =~ /prev_pid=(\d+) .*next_pid=(\d+)/) {
			my ($from, $to) = ($1, $2);
			$off{$from} = $at if $proc{$from};
			if ($proc{$to} && $off{$to}) {
				$proc{$to}{off} += $at - delete $off{$to};
			}
			next;
		}
		my $p = $proc{$pid} or next;
		# The switch from the idle task is not always told.
		$p->{off} += $at - delete $off{$pid} if $off{$pid};
		if ($what eq 'sched_process_fork' && $rest =~ /child_pid=(\d+)/) {
			$born->($1, $at, $p->{name});
		} elsif ($what eq 'sched_process_exec' && $rest =~ m{filename=\S*?([^/ ]+) pid}) {
			$t0 //= $p->{open}{at} if $main && $p == $main;
			$p->{name} = $1;
			$p->{names} .= ($p->{names} ? ', ' : '') . $1 if $p != ($main // 0) || $1 ne 'sh';
			$p->{exec} = $at;
		} elsif ($what eq 'sched_process_exit') {
			$row->($p, $at, 0, 'ends', '');
			$p->{ended} = $at;
		} elsif ($what eq 'page_fault_user') {
			$p->{faults}++;
		} elsif ($what =~ /^sys_(\w+)/ && $rest =~ /^ -> (\w+)/) {
			my $ret = $rest =~ /-> 0x(\w+)/ ? returned($1) : '?';
			if (my $x = delete $p->{open}) {
				$x->{took} = $at - $x->{at};
				@$x{qw(off faults)} = @$p{qw(off faults)};
				$x->{ret} = $ret;
				$x->{text} .= " = $ret";
			} else {
				$row->($p, $p->{born}, $at - $p->{born},
					'(from its clone to its first code)', '');
			}
			@$p{qw(off faults)} = (0, 0);
			$p->{free} = $at;
		} elsif ($what =~ /^sys_(\w+)/) {
			$between->($p, $at);
			$p->{open} = $row->($p, $at, -1, "$1$rest", $1);
			push @{$p->{calls}}, $p->{open};
		}
	}
	die "$file: the command is not in it\n" unless $t0;
	$r{t0} = $t0;
	@{$r{rows}} = sort { $a->{at} <=> $b->{at} } grep { $_->{at} >= $t0 } @{$r{rows}};
	$r{main} = $main->{n} - 1;
	# A start is over when the last born has executed something that stays.
	my $last = $r{procs}[-1];
	$r{took} = $last->{exec} && !$last->{ended} ? $last->{exec} : $main->{ended} // $t0;
	return \%r;
}

# What a call returned, as people read it.
sub returned {
	my ($hex) = @_;

	return "0x$hex" if length($hex) > 8 && $hex !~ /^ffff/;
	my $v = hex(substr($hex, length($hex) > 8 ? -8 : 0));
	return $v >= 0x80000000 ? $v - 0x100000000 : $v;
}

# strace's files in order of birth: the nth process of one run is that of another.
sub strace_files {
	my (%kids, %is_kid);
	my @order;

	return () unless defined $dir && -d $dir;
	my %at = map { /\.(\d+)$/ ? ($1 => $_) : () } glob("$dir/p.*");
	for my $pid (keys %at) {
		open(my $f, '<', $at{$pid}) or next;
		my @l = <$f>;
		for (@l) {
			next unless /^(?:clone3?|v?fork)\(.*\)\s+= (\d+)/ && $at{$1};
			push @{$kids{$pid}}, $1;
			$is_kid{$1} = 1;
		}
		$at{$pid} = \@l;
	}
	my @todo = grep { !$is_kid{$_} } sort { $a <=> $b } keys %at;
	while (@todo) {
		my $pid = shift @todo;
		push @order, $at{$pid};
		push @todo, @{$kids{$pid} // []};
	}
	return @order;
}

# The longest common sequence of calls gives the lines; a call that only one of the runs
# made keeps its own. The same return value counts a little more than the name alone.
sub borrow_texts {
	my ($calls, $lines) = @_;
	my (@name, @ret, @best);
	my ($i, $j) = (0, 0);

	for (@$lines) {
		push @name, /^(\w+)\(/ ? $1 : '';
		push @ret, /.*= (-?\d+)/ ? $1 : '?';
	}
	my $same = sub {
		my ($x, $k) = @_;
		(my $name = $x->{raw}) =~ s/^new(?=fstat$|stat$|lstat$|uname$)//;
		return 0 if $name ne $name[$k];
		return ($x->{ret} // '?') eq $ret[$k] ? 3 : 2;
	};
	$best[$_][@name] = 0 for 0 .. @$calls;
	$best[@$calls][$_] = 0 for 0 .. @name;
	for my $i (reverse 0 .. $#$calls) {
		for my $j (reverse 0 .. $#name) {
			my $v = $same->($calls->[$i], $j);
			my ($d, $r) = ($best[$i + 1][$j], $best[$i][$j + 1]);
			$v += $best[$i + 1][$j + 1] if $v;
			$d = $r if $r > $d;
			$best[$i][$j] = $v > $d ? $v : $d;
		}
	}
	while ($i < @$calls && $j < @name) {
		my $v = $same->($calls->[$i], $j);
		if ($v && $best[$i][$j] == $v + $best[$i + 1][$j + 1]) {
			chomp($calls->[$i++]{text} = $lines->[$j++] =~ s/\s+= / = /r);
		} elsif ($best[$i][$j] == $best[$i + 1][$j]) {
			$i++;
		} else {
			$j++;
		}
	}
}

sub show {
	my ($r) = @_;

	print "microseconds; off: not on a processor (waiting, or others were running);\n";
	print "faults: page faults; >: at least $min\n\n";
	printf "  %7s %6s %6s %6s  %-19s %s\n", qw(at took off faults process call);
	for my $x (@{$r->{rows}}) {
		my $long = $x->{took} < 0 || $x->{took} >= $min;
		next if $slow && !$long;
		printf "%s %7d %6s %6s %6s  %-19s %s\n", $long ? '>' : ' ',
			$x->{at} - $r->{t0}, $x->{took} < 0 ? '...' : $x->{took},
			$x->{off} || '', $x->{faults} || '',
			substr("$x->{p}{n} $x->{name}", 0, 19), substr($x->{text}, 0, 150);
	}
}

sub totals {
	my ($r) = @_;
	my %by;

	print "\nper process: system calls, time in them on a processor, page faults\n";
	for my $p (@{$r->{procs}}) {
		my @x = grep { $_->{p} == $p } @{$r->{rows}} or next;
		my ($calls, $sys, $faults) = (0, 0, 0);
		for (@x) {
			$faults += $_->{faults};
			next unless $_->{raw};
			$calls++;
			$sys += $_->{took} - $_->{off} if $_->{took} > 0;
		}
		printf "  %-30s from %7d: %5d calls %7d us %5d faults\n",
			"$p->{n} " . ($p->{names} // $p->{name}), $p->{born} - $r->{t0},
			$calls, $sys, $faults;
	}
	print "\nwhere most of it went, by call, on a processor: microseconds (times)\n ";
	for my $x (grep { $_->{raw} && $_->{took} > 0 } @{$r->{rows}}) {
		$by{$x->{raw}}[0] += $x->{took} - $x->{off};
		$by{$x->{raw}}[1]++;
	}
	my @top = sort { $by{$b}[0] <=> $by{$a}[0] } keys %by;
	$#top = 17 if $#top > 17;
	print map { " $_ $by{$_}[0] ($by{$_}[1])" } @top;
	print "\n";
}

my @runs = sort { $a->{took} - $a->{t0} <=> $b->{took} - $b->{t0} } map { load($_) } @traces;
my $best = $runs[0];
my @lines = strace_files();
for my $p (@{$best->{procs}}[$best->{main} .. $#{$best->{procs}}]) {
	my $l = shift @lines or last;
	borrow_texts($p->{calls}, $l);
}
show($best);
totals($best);
print "\nruns: ", join(' ', map { $_->{took} - $_->{t0} } @runs), " us to the last exec or end\n";
