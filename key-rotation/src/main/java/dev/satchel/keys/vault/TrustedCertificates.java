package dev.satchel.keys.vault;

import dev.satchel.keys.KeyRingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates in a file, trusted instead of the JDK's: of a company's own authority. */
final class TrustedCertificates {
  private TrustedCertificates() {}

  static SSLContext from(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry(Integer.toString(count++), each);
      }
      if (count == 0) {
        throw new KeyRingException(
            KeyRingException.Reason.UNAVAILABLE, "caFile " + file + " holds no certificate");
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new KeyRingException(
          KeyRingException.Reason.UNAVAILABLE,
          "caFile "
              + file
              + " cannot be read as certificates in PEM form: "
              + e.getClass().getSimpleName(),
          e);
    }
  }
}
