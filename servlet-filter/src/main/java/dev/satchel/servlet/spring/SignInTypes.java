package dev.satchel.servlet.spring;

import dev.satchel.AttributeTypes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.ott.OneTimeTokenAuthentication;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;

/**
 * Spring Security's core: who is signed in, and with which authorities. Credentials are never
 * written. Principal, details and authorities may be of any registered type, so an application's
 * own need no more than their registration.
 */
final class SignInTypes {
  /** What {@link RememberMeAuthenticationToken} wants instead of the key, which is not written. */
  private static final String NO_KEY = "restored";

  private SignInTypes() {}

  static void register(AttributeTypes.Builder types) {
    types
        .register(
            "s-ctx",
            SecurityContextImpl.class,
            Parts.of(context -> Parts.list(context.getAuthentication()), SignInTypes::joinContext))
        .register("s-user", User.class, Parts.of(SignInTypes::splitUser, SignInTypes::joinUser))
        .register(
            "s-factor",
            FactorGrantedAuthority.class,
            Parts.of(
                factor -> Parts.list(factor.getAuthority(), factor.getIssuedAt()),
                parts ->
                    FactorGrantedAuthority.withAuthority(parts.text(0))
                        .issuedAt(parts.get(1, Instant.class))
                        .build()));
    authentication(
        types,
        "s-upw",
        UsernamePasswordAuthenticationToken.class,
        (principal, authorities) ->
            new UsernamePasswordAuthenticationToken(principal, null, authorities));
    // A manager that is asked about it again refuses it, since the key is another.
    authentication(
        types,
        "s-rme",
        RememberMeAuthenticationToken.class,
        (principal, authorities) ->
            new RememberMeAuthenticationToken(NO_KEY, principal, authorities));
    authentication(
        types, "s-ott", OneTimeTokenAuthentication.class, OneTimeTokenAuthentication::new);
  }

  /** Makes an authenticated token. */
  interface Maker<T> {
    T make(Object principal, Collection<GrantedAuthority> authorities);
  }

  /** Principal, authorities, details; and false behind them for one that is not authenticated. */
  static <T extends AbstractAuthenticationToken> void authentication(
      AttributeTypes.Builder types, String alias, Class<T> type, Maker<T> maker) {
    types.register(
        alias,
        type,
        Parts.of(
            token ->
                Parts.list(
                    token.getPrincipal(),
                    written(token.getAuthorities()),
                    token.getDetails(),
                    token.isAuthenticated() ? null : false),
            parts -> {
              T token = maker.make(parts.get(0, Object.class), authorities(parts, 1));
              token.setDetails(parts.optional(2, Object.class));
              if (parts.optional(3, Boolean.class) != null) {
                token.setAuthenticated(false);
              }
              return token;
            }));
  }

  private static SecurityContextImpl joinContext(Parts parts) {
    Authentication authentication = parts.optional(0, Authentication.class);
    return authentication == null
        ? new SecurityContextImpl()
        : new SecurityContextImpl(authentication);
  }

  private static List<?> splitUser(User user) {
    // From the lowest bit on, so that a user with nothing against him has zero.
    int against =
        (user.isEnabled() ? 0 : 1)
            | (user.isAccountNonExpired() ? 0 : 2)
            | (user.isCredentialsNonExpired() ? 0 : 4)
            | (user.isAccountNonLocked() ? 0 : 8);
    return Parts.list(
        user.getUsername(), written(user.getAuthorities()), against == 0 ? null : against);
  }

  private static User joinUser(Parts parts) {
    Integer stored = parts.optional(2, Integer.class);
    int against = stored == null ? 0 : stored;
    return new User(
        parts.text(0),
        null,
        (against & 1) == 0,
        (against & 2) == 0,
        (against & 4) == 0,
        (against & 8) == 0,
        authorities(parts, 1));
  }

  /** The plain ones, which most are, as their text. */
  private static List<Object> written(Collection<? extends GrantedAuthority> authorities) {
    List<Object> written = new ArrayList<>(authorities.size());
    for (GrantedAuthority authority : authorities) {
      written.add(
          authority.getClass() == SimpleGrantedAuthority.class
              ? String.valueOf(authority.getAuthority())
              : authority);
    }
    return written;
  }

  private static Collection<GrantedAuthority> authorities(Parts parts, int index) {
    List<GrantedAuthority> authorities = new ArrayList<>();
    for (@Nullable Object written : (List<?>) parts.get(index, List.class)) {
      authorities.add(
          written instanceof String text
              ? new SimpleGrantedAuthority(text)
              : GrantedAuthority.class.cast(written));
    }
    return authorities;
  }
}
