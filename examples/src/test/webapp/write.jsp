<%@ page trimDirectiveWhitespaces="true" %>
<%-- Changes the bean in place, then hands over: nobody calls setAttribute. --%>
<jsp:useBean id="notebook" scope="session" class="dev.satchel.examples.jsp.Notebook"/>
<% notebook.write(request.getParameter("note")); %>
<jsp:forward page="notes.jsp"/>
