package io.anycastle.dns.bench;

import java.util.Locale;

/** What is asked and measured. */
enum BenchSet {
    /** A zone of about 1,000 records; of 100 questions 98 have an answer. */
    HITS(Load.SMALL, Way.UDP, "hits"),
    /** The same zone; every other question is for a name that is not there. */
    HALF_NXDOMAIN(Load.SMALL, Way.UDP, "half-nxdomain"),
    /** The same zone; every question is for a name that is not there. */
    RANDOM(Load.SMALL, Way.UDP, "random"),
    /** One zone of 100,000 names, asked without a favourite. */
    BIG(Load.BIG, Way.UDP, "big"),
    /** 10,000 zones, asked without a favourite. */
    MANY(Load.MANY, Way.UDP, "many"),
    /** The hits over 16 connections. */
    TCP(Load.SMALL, Way.TCP, "hits"),
    /** The hits over 16 TLS connections. */
    DOT(Load.SMALL, Way.DOT, "hits"),
    /** The hits at 20,000 a second: how long the slowest wait. */
    LATENCY(Load.SMALL, Way.PACED, "hits"),
    /** The hits, at a fixed rate whatever is answered: what a query costs that is over a limit. */
    OVER_HITS(Load.SMALL, Way.OPEN, "hits"),
    /** The same with names that are not there. */
    OVER_RANDOM(Load.SMALL, Way.OPEN, "random"),
    /** The same with names below zones that are delegated. */
    OVER_REFERRALS(Load.SMALL, Way.OPEN, "referrals"),
    /** The same with names in no zone. */
    OVER_REFUSED(Load.SMALL, Way.OPEN, "refused");

    /** How the questions come. */
    enum Way {
        UDP,
        TCP,
        DOT,
        /** By UDP, at a fixed rate. */
        PACED,
        /** By UDP, at a fixed rate even when nothing comes back. */
        OPEN
    }

    /** The zones that servers have loaded. */
    enum Load {
        SMALL,
        BIG,
        MANY;

        String folder() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    final Load load;
    final Way way;
    private final String questions;

    BenchSet(Load load, Way way, String questions) {
        this.load = load;
        this.way = way;
        this.questions = questions;
    }

    /** The file of its questions, below the folder of all data. */
    String questions() {
        return load.folder() + "/" + questions + ".txt";
    }

    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
