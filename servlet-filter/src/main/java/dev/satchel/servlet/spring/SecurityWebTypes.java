package dev.satchel.servlet.spring;

import dev.satchel.AttributeTypes;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AccountExpiredException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.authentication.DisabledException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.ProviderNotFoundException;
import org.springframework.security.authentication.ott.InvalidOneTimeTokenException;
import org.springframework.security.authentication.password.CompromisedPasswordException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.session.SessionAuthenticationException;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;

/** What Spring Security's filters keep beside who is signed in. */
final class SecurityWebTypes {
  // What HttpSessionCsrfTokenRepository names them unless told otherwise.
  private static final String CSRF_HEADER = "X-CSRF-TOKEN";
  private static final String CSRF_PARAMETER = "_csrf";

  /**
   * Bytes of a failure's message, quotes and escapes included. Spring's own have fewer than 100;
   * one that quotes what a client typed must not fill the token.
   */
  private static final int MAX_MESSAGE_BYTES = 200;

  private SecurityWebTypes() {}

  static void register(AttributeTypes.Builder types) {
    SignInTypes.authentication(
        types,
        "s-pre",
        PreAuthenticatedAuthenticationToken.class,
        (principal, authorities) ->
            new PreAuthenticatedAuthenticationToken(principal, null, authorities));
    types
        .register(
            "s-switch",
            SwitchUserGrantedAuthority.class,
            Parts.of(
                switched -> Parts.list(switched.getAuthority(), switched.getSource()),
                parts ->
                    new SwitchUserGrantedAuthority(
                        parts.text(0), parts.get(1, Authentication.class))))
        // Without the session id, which is that from before the sign-in, and no longer one.
        .register(
            "s-from",
            WebAuthenticationDetails.class,
            Parts.of(
                details -> Parts.list(details.getRemoteAddress()),
                parts -> new WebAuthenticationDetails(parts.text(0), null)))
        .register(
            "s-csrf",
            DefaultCsrfToken.class,
            Parts.of(
                token ->
                    Parts.list(
                        token.getToken(),
                        unless(CSRF_HEADER, token.getHeaderName()),
                        unless(CSRF_PARAMETER, token.getParameterName())),
                parts ->
                    new DefaultCsrfToken(
                        or(CSRF_HEADER, parts.optional(1, String.class)),
                        or(CSRF_PARAMETER, parts.optional(2, String.class)),
                        parts.text(0))))
        .register(
            "s-req",
            DefaultSavedRequest.class,
            Parts.of(SavedRequests::split, SavedRequests::join));
    failure(types, "s-e-bad", BadCredentialsException.class, BadCredentialsException::new);
    failure(types, "s-e-locked", LockedException.class, LockedException::new);
    failure(types, "s-e-disabled", DisabledException.class, DisabledException::new);
    failure(types, "s-e-expired", AccountExpiredException.class, AccountExpiredException::new);
    failure(types, "s-e-old", CredentialsExpiredException.class, CredentialsExpiredException::new);
    failure(
        types, "s-e-leaked", CompromisedPasswordException.class, CompromisedPasswordException::new);
    failure(types, "s-e-unknown", UsernameNotFoundException.class, UsernameNotFoundException::new);
    failure(
        types,
        "s-e-session",
        SessionAuthenticationException.class,
        SessionAuthenticationException::new);
    failure(
        types,
        "s-e-weak",
        InsufficientAuthenticationException.class,
        InsufficientAuthenticationException::new);
    failure(
        types,
        "s-e-none",
        AuthenticationCredentialsNotFoundException.class,
        AuthenticationCredentialsNotFoundException::new);
    failure(types, "s-e-provider", ProviderNotFoundException.class, ProviderNotFoundException::new);
    failure(
        types, "s-e-ott", InvalidOneTimeTokenException.class, InvalidOneTimeTokenException::new);
    fault(
        types,
        "s-e-service",
        AuthenticationServiceException.class,
        AuthenticationServiceException::new);
    fault(
        types,
        "s-e-internal",
        InternalAuthenticationServiceException.class,
        InternalAuthenticationServiceException::new);
  }

  /** Type and message, for the sign-in page; neither stack trace nor cause nor the request. */
  private static <T extends AuthenticationException> void failure(
      AttributeTypes.Builder types, String alias, Class<T> type, Function<String, T> maker) {
    types.register(
        alias,
        type,
        Parts.of(
            failure ->
                Parts.list(
                    WrittenLength.cut(String.valueOf(failure.getMessage()), MAX_MESSAGE_BYTES)),
            parts -> maker.apply(parts.text(0))));
  }

  /**
   * Type alone of a failure that is the server's own: its message is that of a database or a
   * directory, and whoever holds a signed token reads it. An empty message makes the sign-in page
   * show its own.
   */
  private static <T extends AuthenticationException> void fault(
      AttributeTypes.Builder types, String alias, Class<T> type, Function<String, T> maker) {
    types.register(alias, type, Parts.of(failure -> Parts.list(), parts -> maker.apply("")));
  }

  private static @Nullable String unless(String usual, String value) {
    return value.equals(usual) ? null : value;
  }

  private static String or(String usual, @Nullable String value) {
    return value == null ? usual : value;
  }
}
