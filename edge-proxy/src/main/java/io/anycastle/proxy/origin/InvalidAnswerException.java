package io.anycastle.proxy.origin;

import io.netty.handler.codec.CodecException;

/** What an origin sends is no answer by RFC 9112 or RFC 9113; the message says why. */
public final class InvalidAnswerException extends CodecException {
    InvalidAnswerException(String why) {
        super(why);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // the octets are at fault, not a line of this program
    }
}
