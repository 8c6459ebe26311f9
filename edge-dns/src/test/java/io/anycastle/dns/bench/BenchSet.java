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
    LATENCY(Load.SMALL, Way.PACED, "hits");

    /** How the questions come. */
    enum Way {
        UDP,
        TCP,
        DOT,
        /** By UDP, at a fixed rate. */
        PACED
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
