package dev.satchel.servlet;

import io.undertow.security.idm.Account;
import io.undertow.security.idm.Credential;
import io.undertow.security.idm.IdentityManager;
import io.undertow.security.idm.PasswordCredential;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.WebResourceCollection;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.authenticator.FormAuthenticator;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.security.ConstraintMapping;
import org.eclipse.jetty.ee11.servlet.security.ConstraintSecurityHandler;
import org.eclipse.jetty.security.Constraint;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserPrincipal;
import org.eclipse.jetty.security.UserStore;

/**
 * FORM login of the container: {@code /private} is for role {@code user}, which alice has with the
 * password "secret"; the form is {@code /login}, and {@code /failed} says no.
 */
final class ContainerLogin {
  static final String USER = "alice";
  static final String PASSWORD = "secret";
  private static final String ROLE = "user";

  private ContainerLogin() {}

  static Container.Natively on(Container container) {
    return on(container, () -> {});
  }

  /**
   * @param asked runs whenever the container looks a user up, within the call that asked for it
   */
  static Container.Natively on(Container container, Runnable asked) {
    return switch (container) {
      case TOMCAT_11, TOMCAT_10 -> context -> OnTomcat.set((Context) context, asked);
      case JETTY -> context -> OnJetty.set((ServletContextHandler) context, asked);
      case UNDERTOW -> info -> OnUndertow.set((DeploymentInfo) info, asked);
    };
  }

  private static final class OnTomcat extends RealmBase {
    private final Runnable asked;

    OnTomcat(Runnable asked) {
      this.asked = asked;
    }

    static void set(Context context, Runnable asked) {
      SecurityCollection pages = new SecurityCollection();
      pages.addPattern("/private");
      SecurityConstraint constraint = new SecurityConstraint();
      constraint.addCollection(pages);
      constraint.addAuthRole(ROLE);
      context.addConstraint(constraint);
      context.addSecurityRole(ROLE);
      context.setLoginConfig(new LoginConfig("FORM", "test", "/login", "/failed"));
      context.getPipeline().addValve(new FormAuthenticator());
      context.setRealm(new OnTomcat(asked));
    }

    @Override
    protected String getPassword(String user) {
      asked.run();
      return user.equals(USER) ? PASSWORD : null;
    }

    @Override
    protected Principal getPrincipal(String user) {
      return new GenericPrincipal(user, List.of(ROLE));
    }
  }

  private static final class OnJetty {
    static void set(ServletContextHandler context, Runnable asked) {
      UserStore users = new UserStore();
      users.addUser(
          USER,
          org.eclipse.jetty.util.security.Credential.getCredential(PASSWORD),
          new String[] {ROLE});
      HashLoginService login =
          new HashLoginService("test") {
            @Override
            protected UserPrincipal loadUserInfo(String user) {
              asked.run();
              return super.loadUserInfo(user);
            }
          };
      login.setUserStore(users);
      ConstraintMapping mapping = new ConstraintMapping();
      mapping.setPathSpec("/private");
      mapping.setConstraint(Constraint.from(ROLE));
      ConstraintSecurityHandler security = new ConstraintSecurityHandler();
      security.addConstraintMapping(mapping);
      security.setLoginService(login);
      security.setAuthenticator(
          new org.eclipse.jetty.security.authentication.FormAuthenticator(
              "/login", "/failed", false));
      context.setSecurityHandler(security);
    }
  }

  private static final class OnUndertow implements IdentityManager {
    private final Runnable asked;

    OnUndertow(Runnable asked) {
      this.asked = asked;
    }

    static void set(DeploymentInfo application, Runnable asked) {
      io.undertow.servlet.api.SecurityConstraint constraint =
          new io.undertow.servlet.api.SecurityConstraint()
              .addWebResourceCollection(new WebResourceCollection().addUrlPattern("/private"))
              .addRoleAllowed(ROLE);
      application
          .addSecurityRole(ROLE)
          .addSecurityConstraint(constraint)
          .setLoginConfig(
              new io.undertow.servlet.api.LoginConfig("FORM", "test", "/login", "/failed"))
          .setIdentityManager(new OnUndertow(asked));
    }

    @Override
    public Account verify(Account account) {
      return account;
    }

    @Override
    public Account verify(String id, Credential credential) {
      asked.run();
      boolean right =
          id.equals(USER)
              && credential instanceof PasswordCredential password
              && PASSWORD.equals(String.valueOf(password.getPassword()));
      return right ? new Alice() : null;
    }

    @Override
    public Account verify(Credential credential) {
      return null;
    }
  }

  private static final class Alice implements Account {
    private static final long serialVersionUID = 1L;

    @Override
    public Principal getPrincipal() {
      return () -> USER;
    }

    @Override
    public Set<String> getRoles() {
      return Set.of(ROLE);
    }
  }
}
