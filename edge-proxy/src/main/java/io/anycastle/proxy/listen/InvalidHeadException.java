package io.anycastle.proxy.listen;

/** A request head that broke the grammar or a limit. */
public final class InvalidHeadException extends RuntimeException {
    private final HeadFault fault;

    InvalidHeadException(HeadFault fault) {
        super(fault.sentence(), null, false, false);
        this.fault = fault;
    }

    public HeadFault fault() {
        return fault;
    }
}
