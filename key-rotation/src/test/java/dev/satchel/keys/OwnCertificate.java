package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for this machine, that nobody else has signed. */
public final class OwnCertificate {
  private static final String ALIAS = "own";
  private static final String PASSWORD = "changeit";

  private final KeyStore store;

  /** That of the PKCS #12 file, which is made if it is not there. */
  public OwnCertificate(Path file) throws IOException, GeneralSecurityException {
    if (!Files.exists(file)) {
      make(file);
    }
    store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  /** By the JDK's keytool: there is no API for a certificate. */
  private static void make(Path file) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-keystore",
            file.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD);
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream said = keytool.getInputStream()) {
      String text = new String(said.readAllBytes(), US_ASCII);
      if (keytool.onExit().join().exitValue() != 0) {
        throw new IllegalStateException(text);
      }
    }
  }

  /** For a server that has it, and for clients that trust it alone. */
  public SSLContext context() throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** As authorities hand theirs out (RFC 7468 §5). */
  public String pem() throws GeneralSecurityException {
    Certificate certificate = store.getCertificate(ALIAS);
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }
}
