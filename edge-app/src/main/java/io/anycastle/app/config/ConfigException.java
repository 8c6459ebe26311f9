package io.anycastle.app.config;

import io.anycastle.core.failure.OperatorException;
import java.util.List;

/** The configuration cannot be used. */
public final class ConfigException extends OperatorException {
    private static final long serialVersionUID = 1L;

    public ConfigException(List<String> problems) {
        super(problems);
    }
}
