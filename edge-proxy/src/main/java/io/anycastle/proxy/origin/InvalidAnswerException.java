package io.anycastle.proxy.origin;

import io.netty.handler.codec.CodecException;

/** What an origin sends is no answer by RFC 9112; the message says why. */
final class InvalidAnswerException extends CodecException {
    InvalidAnswerException(String why) {
        super(why);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // the octets are at fault, not a line of this program
    }
}
