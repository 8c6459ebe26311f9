package io.anycastle.proxy.listen;

import java.nio.file.Path;

/**
 * A certificate chain and its private key, both PEM files.
 */
public record TlsFiles(Path certificate, Path key) {}
