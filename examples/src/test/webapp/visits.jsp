<%@ page contentType="text/plain; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%-- Included by other pages: counts in place. --%>
<jsp:useBean id="visits" scope="session" class="dev.satchel.examples.jsp.Visits"/>
<% visits.setCount(visits.getCount() + 1); %>
Page ${visits.count} of your visit
