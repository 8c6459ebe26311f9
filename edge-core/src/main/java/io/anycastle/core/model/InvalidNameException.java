package io.anycastle.core.model;

/** A text that is no domain name; the message says which rule it breaks. */
public final class InvalidNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String rule;

    public InvalidNameException(String spelled, String rule) {
        super("'" + spelled + "': " + rule);
        this.rule = rule;
    }

    /** The rule in plain words, without the text that broke it. */
    public String rule() {
        return rule;
    }
}
