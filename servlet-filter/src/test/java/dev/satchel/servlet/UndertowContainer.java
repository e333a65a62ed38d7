package dev.satchel.servlet;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;

/** Undertow, embedded. */
final class UndertowContainer {
  private UndertowContainer() {}

  static Container.Started start(
      Container.Startup startup, Map<Object, String> errorPages, Container.Natively natively)
      throws Exception {
    DeploymentInfo application = application("/", "application", startup);
    // Else a filter's settings are checked at the first request only.
    application.setEagerFilterInit(true);
    errorPages.forEach(
        (cause, path) -> {
          if (cause instanceof Integer status) {
            application.addErrorPage(new ErrorPage(path, status));
          } else {
            application.addErrorPage(
                new ErrorPage(path, ((Class<?>) cause).asSubclass(Throwable.class)));
          }
        });
    natively.accept(application);
    DeploymentManager deployment = Servlets.newContainer().addDeployment(application);
    deployment.deploy();
    return started(deployment.start(), deployment);
  }

  static DeploymentInfo application(String path, String name, Container.Startup startup) {
    ServletContainerInitializer initializer = (classes, context) -> startup.accept(context);
    return Servlets.deployment()
        .setClassLoader(UndertowContainer.class.getClassLoader())
        .setContextPath(path)
        .setDeploymentName(name)
        .addServletContainerInitializer(
            new ServletContainerInitializerInfo(
                ServletContainerInitializer.class,
                new ImmediateInstanceFactory<>(initializer),
                Set.of()));
  }

  static Container.Started started(HttpHandler handler, DeploymentManager... deployments) {
    // Not more threads than a scenario needs: the defaults go by the machine.
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(0, "localhost")
            .setIoThreads(2)
            .setWorkerThreads(8)
            .setHandler(handler)
            .build();
    undertow.start();
    return new Container.Started() {
      @Override
      public int port() {
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
      }

      @Override
      public void close() throws Exception {
        undertow.stop();
        for (DeploymentManager deployment : deployments) {
          deployment.stop();
          deployment.undeploy();
        }
      }
    };
  }
}
