package dev.satchel.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.ha.session.DeltaManager;
import org.apache.catalina.ha.tcp.ReplicationValve;
import org.apache.catalina.ha.tcp.SimpleTcpCluster;
import org.apache.catalina.tribes.group.GroupChannel;
import org.apache.catalina.tribes.group.interceptors.MessageDispatchInterceptor;
import org.apache.catalina.tribes.group.interceptors.TcpFailureDetector;
import org.apache.catalina.tribes.membership.StaticMember;
import org.apache.catalina.tribes.membership.StaticMembershipService;
import org.apache.catalina.tribes.transport.nio.NioReceiver;

/**
 * Tomcat's cluster as its documentation's example has it ({@code DeltaManager}, asynchronous
 * sending), but for the way in which nodes find each other: multicast is not to be had everywhere.
 */
final class Replication {
  private Replication() {}

  /**
   * Makes a server one of two nodes.
   *
   * @param ports the node's own for what the other sends, a comma, the other's
   */
  static void set(Engine engine, Context context, String ports) throws IOException {
    String[] both = ports.split(",", 2);
    StaticMembershipService membership = new StaticMembershipService();
    membership.setLocalMember(member(both[0]));
    membership.addStaticMember(member(both[1]));
    NioReceiver receiver = new NioReceiver();
    receiver.setAddress(InetAddress.getLoopbackAddress().getHostAddress());
    receiver.setPort(Integer.parseInt(both[0]));
    receiver.setAutoBind(1); // this port, no other
    GroupChannel channel = new GroupChannel();
    channel.setMembershipService(membership);
    channel.setChannelReceiver(receiver);
    channel.addInterceptor(new TcpFailureDetector());
    channel.addInterceptor(new MessageDispatchInterceptor());
    SimpleTcpCluster cluster = new SimpleTcpCluster();
    cluster.setChannel(channel);
    cluster.setManagerTemplate(new DeltaManager());
    cluster.addValve(new ReplicationValve());
    engine.setCluster(cluster);
    context.setDistributable(true);
  }

  /** Waits until a session of the one node is known to the other, or fails. */
  static void await(ServerProcess one, ServerProcess other) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    try (LoadClient first = new LoadClient(one.port());
        LoadClient second = new LoadClient(other.port())) {
      while (System.nanoTime() < end) {
        LoadClient.Jar jar = new LoadClient.Jar();
        first.get("/new", jar);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200)); // it is sent asynchronously
        if (!second.get("/read", jar).equals(CostServlet.LOST)) {
          return;
        }
      }
    }
    throw new IllegalStateException("the nodes do not replicate to each other");
  }

  private static StaticMember member(String port) throws IOException {
    String host = InetAddress.getLoopbackAddress().getHostAddress();
    StaticMember member = new StaticMember(host, Integer.parseInt(port), 0);
    member.setUniqueId(uniqueId(port));
    return member;
  }

  /** Sixteen bytes, in Tomcat's notation. */
  private static String uniqueId(String port) {
    StringBuilder id = new StringBuilder("{");
    for (byte digit :
        "%016d".formatted(Integer.parseInt(port)).getBytes(StandardCharsets.US_ASCII)) {
      id.append(id.length() == 1 ? "" : ",").append(digit);
    }
    return id.append('}').toString();
  }
}
