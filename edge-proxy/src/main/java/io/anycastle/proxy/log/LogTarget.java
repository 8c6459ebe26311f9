package io.anycastle.proxy.log;

/** Where the access log goes. */
public enum LogTarget {
    /** The program's standard output. */
    OUTPUT,
    /** A file that is rotated by size. */
    FILE,
    /** A syslog server, by UDP (RFC 5424, RFC 5426). */
    SYSLOG
}
