package io.anycastle.proxy.coding;

/** A body is not what its Content-Encoding says, or grows beyond what is let through. */
public final class BadCodingException extends Exception {
    BadCodingException(String what) {
        super(what, null, false, false);
    }
}
