package io.anycastle.dns.tls;

/** Files that hold no certificate with its key; the message is a plain sentence that names the file. */
public final class InvalidCertificateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidCertificateException(String message) {
        super(message);
    }
}
