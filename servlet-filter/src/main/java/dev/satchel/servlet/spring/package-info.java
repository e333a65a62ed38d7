/**
 * Spring support: an application with Spring Boot 4 and Spring Security 7 gets sessions in tokens
 * by its configuration alone. Nothing else in this module knows Spring, and this package is active
 * only where an application brings it.
 *
 * <pre>{@code
 * satchel.application=shop
 * satchel.key-source=file:/var/lib/shop/ring?kek=env:SHOP_KEK
 * }</pre>
 *
 * <p><b>Properties.</b> {@code satchel.*} are the init parameters of {@link
 * dev.satchel.servlet.StatelessSessionFilter} in Spring's spelling: {@code satchel.cookie-name},
 * {@code satchel.idle-timeout} (default {@code server.servlet.session.timeout}), and so on; {@code
 * satchel.application} is {@code spring.application.name} unless set. A duration without a unit has
 * seconds. One that is wrong or missing keeps the application from starting, and so does one that
 * is unknown, unless it comes from the environment or from JVM properties, which hold names of
 * others too. There is no {@code satchel.attribute-types}: types are registered by a bean. Without
 * any, and without a {@link dev.satchel.KeySource} bean, nothing happens, nor with {@code
 * satchel.enabled=false}.
 *
 * <p><b>Beans.</b> A {@link dev.satchel.KeySource} replaces {@code satchel.key-source}. {@link
 * dev.satchel.servlet.spring.AttributeTypesCustomizer}s register what the application keeps in its
 * sessions; a bean of type {@link dev.satchel.AttributeTypes} replaces the types of Spring too, so
 * unless it begins with {@link dev.satchel.servlet.spring.SpringAttributeTypes} no sign-in can be
 * kept. {@link dev.satchel.SessionPolicy} and {@link dev.satchel.RevocationCheck} are the filter's;
 * two of a kind keep the application from starting unless one is primary, since which is in force
 * must not be a guess. All {@link dev.satchel.servlet.SessionEvents} hear of its sessions. A {@code
 * java.time.InstantSource}, which every {@code java.time.Clock} is, is the clock of sessions and
 * keys; of several without a primary one none is, and the system's clock counts. Session listeners
 * that are beans hear of its sessions, as the container's all do. Whoever registers a {@link
 * dev.satchel.servlet.StatelessSessionFilter} gets no second one.
 *
 * <p><b>Monitoring.</b> With Micrometer there is a {@link
 * dev.satchel.servlet.micrometer.SessionMetrics}, bound to the application's registries. With
 * Spring Boot's health there is a contributor {@code satchel}, off by {@code
 * management.health.satchel.enabled=false}: {@link dev.satchel.KeySource#health()}. DEGRADED shows
 * in its details and leaves the application's own status as it is; DOWN turns that down, and with
 * it whatever group of probes has the contributor. The meters of a ring need a bean of the
 * application's, since this module does not know rings:
 *
 * <pre>{@code
 * @Bean
 * MeterBinder ringMetrics(KeySource keys) {
 *   return new KeyRingMetrics((RotatingKeySource) keys); // of satchel-key-rotation
 * }
 * }</pre>
 *
 * <p><b>What is kept</b> of Spring Security: who is signed in, as {@code
 * UsernamePasswordAuthenticationToken}, {@code RememberMeAuthenticationToken}, {@code
 * PreAuthenticatedAuthenticationToken} or {@code OneTimeTokenAuthentication}, with a text, a {@code
 * User} or a registered type as principal, with authorities and details; the CSRF token; the
 * request that the sign-in interrupted, without cookies and most headers, and cut down to the
 * application's root if longer than 1,000 bytes as written; type and message of the last failed
 * sign-in, the message cut at 200 bytes, and none for a failure of the server itself. Of Spring
 * MVC: flash attributes of registered types. Spring's {@code RequestCache}, {@code
 * CsrfTokenRepository} and session fixation protection work as they are. So does its {@code
 * SecurityContextRepository}: there is none here, since each filter chain has its own, and another
 * would miss what they do; {@link dev.satchel.servlet.spring.SignInListener} hears what any of them
 * puts into the session.
 *
 * <p><b>What is not kept:</b> credentials, ever; the session id in {@code
 * WebAuthenticationDetails}; stack traces. A sign-in with a type that is not registered fails at
 * once and names the type. Registering it is all that an application's own principal needs:
 *
 * <pre>{@code
 * @Bean
 * AttributeTypesCustomizer sessionTypes() {
 *   return types -> types.register("account", Account.class);
 * }
 * }</pre>
 *
 * <p>A record is written by all its components, so one that holds a password is registered with an
 * {@link dev.satchel.AttributeCodec} or {@link dev.satchel.AttributeParts} that leaves it out.
 * OAuth 2 and SAML sign-ins have no form here yet.
 *
 * <p><b>Signing out everywhere.</b> The name of whoever signs in is the session's {@link
 * dev.satchel.servlet.StatelessSessionFilter#SUBJECT}, by which a {@link
 * dev.satchel.RevocationCheck} can end all sessions of one user. Spring Security's {@code
 * SessionRegistry} knows the sessions of one node only, and forgets none; it cannot count them
 * here.
 */
@NullMarked
package dev.satchel.servlet.spring;

import org.jspecify.annotations.NullMarked;
