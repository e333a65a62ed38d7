package dev.satchel.servlet;

import java.util.Arrays;

/**
 * Serves sessions where neither the flight recorder's module nor an optional library is there;
 * {@link BareJdkTest} starts it in such a process.
 */
final class BareJdk {
  private BareJdk() {}

  public static void main(String[] args) throws Exception {
    for (String absent : args) {
      try {
        Class.forName(absent);
        System.out.println("there is " + absent);
      } catch (ClassNotFoundException e) {
        // as it should be
      }
    }
    StatelessSessionFilter filter =
        StatelessSessionFilter.builder("shop", TestKeys.source()).build();
    try (TestApp app = TestApp.start(Container.TOMCAT_11, filter).withSetAndGet()) {
      app.on("/end", (q, r) -> q.getSession().invalidate());
      Client client = app.client();
      client.get("/set");
      System.out.println(client.get("/get").body());
      System.out.println(client.get("/end").status());
      System.out.println(app.client().get("/get", "Cookie: __Host-Http-shop=bogus").body());
    }
    System.out.println(Arrays.asList(args).size());
  }
}
