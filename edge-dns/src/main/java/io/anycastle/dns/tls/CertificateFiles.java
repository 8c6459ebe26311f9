package io.anycastle.dns.tls;

import java.nio.file.Path;

/**
 * A certificate chain, the server's own first, and its private key: both PEM files.
 */
public record CertificateFiles(Path certificate, Path key) {}
