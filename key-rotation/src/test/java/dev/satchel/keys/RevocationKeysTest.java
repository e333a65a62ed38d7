package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RevocationKeysTest {
  /** Said at the start, rather than by each request. */
  @Test
  void keys_ofAProviderWhoseMacCannotBeCloned_refusedAtOnce() {
    var provider = new BareMac();
    java.security.Security.insertProviderAt(provider, 1);
    try {
      assertThatThrownBy(() -> new RevocationKeys(new byte[32]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("BareMac cannot be cloned");
    } finally {
      java.security.Security.removeProvider(provider.getName());
    }
  }

  private static final class BareMac extends java.security.Provider {
    private static final long serialVersionUID = 1L;

    BareMac() {
      super("BareMac", "1", "for a test");
      put("Mac.HmacSHA256", BareMacSpi.class.getName());
    }
  }

  /** Does nothing, and is not Cloneable. */
  public static final class BareMacSpi extends javax.crypto.MacSpi {
    @Override
    protected int engineGetMacLength() {
      return 32;
    }

    @Override
    protected void engineInit(
        java.security.Key key, java.security.spec.AlgorithmParameterSpec parameters) {}

    @Override
    protected void engineUpdate(byte input) {}

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {}

    @Override
    protected byte[] engineDoFinal() {
      return new byte[32];
    }

    @Override
    protected void engineReset() {}
  }
}
